"""What the telemetry stores cost against bare SQL and against bare line protocol and queries."""
