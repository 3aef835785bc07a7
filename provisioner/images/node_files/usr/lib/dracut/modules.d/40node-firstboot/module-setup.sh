#!/bin/bash
# dracut module: gives Ignition the config that the installer put on the FAT partition, and the network
# settings of the installed system.

check() { return 0; }

depends() { echo ignition systemd; }

install() {
    inst_multiple mount umount mkdir cp sed grep tail cut journalctl
    # dracut sources only hooks whose names end in .sh
    inst_hook shutdown-emergency 50 "$moddir/say-why.sh"
    inst_script "$moddir/setfiles" /usr/sbin/setfiles
    inst_script "$moddir/ignition-setup-user" /usr/sbin/ignition-setup-user
    inst_simple "$moddir/ignition-setup-user.service" \
        "$systemdsystemunitdir/ignition-setup-user.service"
    mkdir -p "$initdir$systemdsystemunitdir/ignition-complete.target.requires"
    ln -sf ../ignition-setup-user.service \
        "$initdir$systemdsystemunitdir/ignition-complete.target.requires/ignition-setup-user.service"
    inst_simple /etc/systemd/network/90-node-dhcp.network
    inst_simple /usr/lib/systemd/system/systemd-networkd-wait-online.service.d/10-any.conf
    inst_simple /usr/lib/systemd/system.conf.d/10-node.conf
}
