"""Who may do what: accounts, roles by unit, and the one function that answers."""
