"""How a network learns: recipes, optimisers, schedules, the loop, and the film it leaves."""
