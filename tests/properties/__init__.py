"""Properties that hold for every case: two formulations agree, and what changes nothing changes nothing."""
