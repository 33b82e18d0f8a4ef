"""What every outlet answers: accepted with its id, or a TransportError with the one bit that matters. Pure."""

from typing import NamedTuple, Protocol


class Accepted(NamedTuple):
    """The outlet has taken the letter; `provider_id` finds it again there."""

    provider_id: str


class TransportError(Exception):
    """The outlet refused. `permanent` means that trying again will not help."""

    def __init__(self, message: str, permanent: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent


class Outlet(Protocol):
    """Takes finished messages, one at a time; `flush` ends a batch."""

    def deliver(self, message: bytes, key: str) -> Accepted: ...

    def flush(self) -> None: ...
