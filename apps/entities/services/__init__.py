"""Every write on entities and customers that means something: one module for each noun."""
