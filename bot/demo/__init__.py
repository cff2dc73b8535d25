"""The demonstration: a plan, its people and months of believable reports, made by the code that serves real ones."""
