"""Every write on parts that means something: one module for each noun."""
