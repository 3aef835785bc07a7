"""Errors of the adapters.

PeerError
├── AssetUnreachableError      an asset is not in the store, and no source gives it just now
├── ClocksApartError           a server's clock and ours differ by more than its signatures allow
├── KindNotServedError         a cluster has no objects of this kind (yet): its definition isn't there
├── ServiceUnreachableError    nobody answers there (yet): asking again later is right
└── ServiceRefusedError        it answered, and what it answered can't be worked with
OperatorError
├── AssetMismatchError         a source has another content than the declared digest
├── AssetRefusedError          no source will ever give it: the URL, the credentials or the bucket is wrong
├── AssetStoreUnusableError    the store's disk is full, or its folder can't be written
├── AuthorityExpiredError      a certificate is wanted of a CA whose time is over
├── BalancerUnusableError      the load balancer's folder can't be read or written, or isn't ours
├── BalancingRefusedError      frontends collide, or the load balancer judged that it can't serve them
├── ContributionRefusedError   what a Score wants can't be served, or collides with another's
├── ObjectRefusedError         a cluster's API judged what a Score wants: it will never take it
├── KubeconfigUnusableError    a kubeconfig file can't be read or written, or isn't ours
├── NameTakenError             a DNS name is to be given records, and a person gave it some already
├── PowerRefusedError          the declared way to power a host can't do what is asked
├── ReservationRefusedError    an address is wanted for a machine that the site doesn't declare
├── UnknownClusterError        no cluster of that name, or not exactly one when none is named
├── VaultUnusableError         the vault's file can't be opened with this key, read or written
├── ZoneKeyRefusedError        the key for a DNS zone can't be used, or its server takes another one
└── ZoneRefusedError           a DNS server doesn't serve the zone, or lets nobody with this key change it
ProvisionerBug
└── SecretMismatchError        the vault holds something else by that name than what is asked for
"""

from __future__ import annotations

from inventory.errors import OperatorError, PeerError, ProvisionerBug


class KindNotServedError(PeerError):
    """The API server serves no such kind: whoever brings its definition hasn't come to it yet."""


class ServiceUnreachableError(PeerError):
    """Nothing answers at that place, or not in time."""


class ServiceRefusedError(PeerError):
    """The service answered with an error; `status` is HTTP's, 0 where there is none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class AssetUnreachableError(PeerError):
    """What was downloaded so far is kept: the next try goes on from there."""


class AssetRefusedError(OperatorError):
    """Every source was asked and said no."""


class AssetMismatchError(OperatorError):
    """A source gave bytes of another digest than declared; they were thrown away."""


class AssetStoreUnusableError(OperatorError):
    """The store's folder can't take the file."""


class AuthorityExpiredError(OperatorError):
    """A CA's time is over (or this machine's clock is wrong): nothing can be signed by it."""


class ClocksApartError(PeerError):
    """A signature was too old or too young for the one who got it."""


class BalancerUnusableError(OperatorError):
    """What the load balancer keeps on disk can't be read or written."""


class BalancingRefusedError(OperatorError):
    """The load balancer will not take this, however often it is asked; what it serves is left as it was."""


class ContributionRefusedError(OperatorError):
    """What a Score wants can't be served beside what others want; nothing has changed. `diagnostics`, of
    the daemon, say with what it collides."""


class NameTakenError(OperatorError):
    """Records that people made by hand are never overwritten."""


class ObjectRefusedError(OperatorError):
    """The API server will not take this object, however often it is asked."""


class ReservationRefusedError(OperatorError):
    """The daemon reserves addresses of declared hosts only."""


class PowerRefusedError(OperatorError):
    """The declared way to power a host can't do what is asked."""


class UnknownClusterError(OperatorError):
    """A client was asked for a cluster that there is no way into."""


class KubeconfigUnusableError(OperatorError):
    """A kubeconfig file can't be read or written, or has something else in it."""


class VaultUnusableError(OperatorError):
    """The vault's file can't be read with the key that is there, or not be read or written at all."""


class ZoneRefusedError(OperatorError):
    """The DNS server will not do this with the zone until somebody configures it so."""


class ZoneKeyRefusedError(OperatorError):
    """The key file is not one, or the DNS server knows this key otherwise or not at all."""


class SecretMismatchError(ProvisionerBug):
    """A secret was asked for as another kind of thing than it is."""
