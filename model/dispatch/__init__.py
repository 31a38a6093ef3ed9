"""The rule of thumb: orders by commitment, priority and due date, each as it fits. No solver; the plan to be beaten."""

from model.dispatch.rule import Dispatch, dispatch

__all__ = ["Dispatch", "dispatch"]
