"""Mail in: a listener of our own or a provider's webhook, one durable door, and a task that finds the thread."""
