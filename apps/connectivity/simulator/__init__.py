"""Simulated units that speak the real device protocol over HTTP.

They know the protocol and nothing else of the program: the standard library is all they import, and
msgpack where it is installed. Whatever the server takes from them, it would take from a real unit.
"""
