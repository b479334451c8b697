"""Every write on units that means something: one module for each noun."""
