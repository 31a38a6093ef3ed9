"""An earlier result put into the order book: its production as the published plan, its deliveries as firm promises."""

from model.from_plan.published import with_published_plan

__all__ = ["with_published_plan"]
