"""OpenAPI: operations described from the declarations they are built from."""

from drf_spectacular.openapi import AutoSchema


class ResourceSchema(AutoSchema):
    """Describes the viewsets and actions of the engine."""
