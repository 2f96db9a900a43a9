"""What the controllers make of pods: owners, services, budgets and their statuses."""
