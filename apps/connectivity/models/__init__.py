"""How units reach us: connections, networks, SIMs and text messages."""

from apps.connectivity.models.connection import Connection
from apps.connectivity.models.networks import (
    Network,
    SimPartTypeSimProviderLinker,
    SimProvider,
    SimProviderNetworkLinker,
)
from apps.connectivity.models.sms import SmsHistory
from apps.connectivity.nonces import UnitNonce

__all__ = [
    "Connection",
    "Network",
    "SimPartTypeSimProviderLinker",
    "SimProvider",
    "SimProviderNetworkLinker",
    "SmsHistory",
    "UnitNonce",
]
