"""How units reach us: connections, networks, SIMs and text messages."""

from apps.connectivity.models.cells import Cell, CellNetwork, Radio
from apps.connectivity.models.connection import Connection
from apps.connectivity.models.networks import (
    Network,
    SimPartTypeSimProviderLinker,
    SimProvider,
    SimProviderNetworkLinker,
)
from apps.connectivity.models.sms import SmsDispatch, SmsHistory
from apps.connectivity.nonces import UnitNonce

__all__ = [
    "Cell",
    "CellNetwork",
    "Connection",
    "Network",
    "Radio",
    "SimPartTypeSimProviderLinker",
    "SimProvider",
    "SimProviderNetworkLinker",
    "SmsDispatch",
    "SmsHistory",
    "UnitNonce",
]
