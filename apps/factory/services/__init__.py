"""Every write of the factory that means something: one module for each noun."""
