"""Installation assets: an installer of the declared release has made what a cluster's machines boot with."""

from __future__ import annotations

from collections.abc import Iterator

import pydantic
from typing_extensions import override

from harmony.domain.asset import Asset
from harmony.domain.interpret import Interpret
from harmony.domain.score import Many, Score
from harmony.modules.assets.asset_check import check_assets
from harmony.modules.okd.extra_manifest import ExtraManifest, check_manifests
from harmony.modules.okd.install_config import InstallConfig
from harmony.modules.okd.install_config_check import Cluster, Way, check_install_config
from harmony.modules.okd.installation_assets_interpret import InstallationAssetsInterpret
from harmony.modules.okd.installation_assets_topology import InstallationAssetsTopology
from harmony.modules.okd.release import UnknownRelease, release_of
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.place import place_of
from inventory.site import Site


@pydantic.dataclasses.dataclass(frozen=True)
class OkdInstallationAssets(Score[InstallationAssetsTopology]):
    """What `installer`, openshift-install of `version` as an executable file, makes of `config` and
    `manifests`.

    Made anew after 12 hours for as long as no bootstrap has begun, and never once it is complete. Hosts are
    named: it is another Score that installs them. `bootstrap` is a machine beside the cluster's, or its
    only control plane where `config` bootstraps in place.
    """

    version: str
    installer: Asset
    config: InstallConfig
    bootstrap: str
    control_planes: Many[str]
    workers: Many[str] = ()
    manifests: Many[ExtraManifest] = ()

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.bootstrap, *self.control_planes, *self.workers)))

    @override
    def key(self) -> str:
        return f"okd-installation-assets/{self.config.domain}"

    @override
    def interpret(self) -> Interpret[InstallationAssetsTopology]:
        return InstallationAssetsInterpret(
            self.version,
            self.installer,
            self.config,
            self.bootstrap,
            self.hosts,
            tuple(self.manifests),
        )

    def upkeep(self) -> Interpret[InstallationAssetsTopology]:
        """The same again: their time runs out."""
        return self.interpret()

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        return (
            *self._check_config(),
            *check_assets(self, self.installer.name, (self.installer,)),
            *check_manifests(self.manifests),
            *self._check_hosts(site),
        )

    def _check_config(self) -> Iterator[Diagnostic]:
        try:
            release = release_of(self.version)
        except UnknownRelease as error:
            yield from error.diagnostics
            return
        numbers = (len(self.control_planes), len(self.workers))
        yield from check_install_config(
            self.config, Cluster(release, Way.USER_PROVISIONED, *numbers)
        )

    def _check_hosts(self, site: Site) -> Iterator[Diagnostic]:
        known = tuple(host.name for host in site.hosts)
        for name in self.hosts:
            if name not in known:
                yield Diagnostic(
                    Code.HOST_NOT_OF_SITE,
                    f"{self.key()} names host {name!r}, which the site doesn't have",
                    place_of(self),
                    "not a host of the site",
                    notes=(f"the site has: {', '.join(known) or 'no host'}",),
                    help=("name one that it has, or add it to the site",),
                )
        in_place = self.config.bootstrap_in_place is not None
        if in_place != (self.bootstrap in self.control_planes):
            yield Diagnostic(
                Code.OKD_NODE_COUNT,
                f"{self.bootstrap!r} can't bootstrap {self.config.domain}",
                place_of(self, "bootstrap"),
                "is " + ("not the single machine" if in_place else "one of the control planes"),
                help=(
                    f"bootstrap={self.control_planes[0]!r}, which does so in place"
                    if in_place and self.control_planes
                    else "take a host that is none of them: it may become a worker later",
                ),
            )
