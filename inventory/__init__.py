"""What physically exists at a site, as a person declares it: values only, no I/O."""
