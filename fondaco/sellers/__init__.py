"""People, sign-in, memberships and roles, seller accounts, addresses and cards."""
