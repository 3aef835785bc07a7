#!/bin/sh
# Sourced when the initramfs gives up (and the machine is about to start again): why, on the console.
# Ignition's own last words hold the whole config, with keys and tokens: only lines that can't be part of
# it are shown, cut to a length that a diagnosis needs.
{
    echo "=== first boot failed; what failed, and Ignition's last words:"
    systemctl --failed --plain --no-legend
    journalctl -b --no-pager -o cat -t ignition |
        sed -e '/Full config/,$d' |
        grep -v -e '[{}]' -e '"contents"' -e '"source"' |
        tail -n 30 | cut -c 1-300
    journalctl -b --no-pager -o cat -u ignition-setup-user.service -p warning | tail -n 5
    echo "=== end"
} > /dev/console 2>&1
