"""Ignition configs as typed values: what a machine's first boot makes of its disk. `model` is what our
own Scores write, with rules of ours; `spec` is any config of spec 3.0 to 3.5, whoever wrote it."""
