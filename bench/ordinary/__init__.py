"""The same contact as an ordinary Django REST framework project would write it, to measure against.

Serializers, models and querysets, one after the other; Django's default middleware and its default
of a database connection for each request. It works on the program's own tables.
"""
