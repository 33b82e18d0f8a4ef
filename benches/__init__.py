"""How fast Hagukumi is, against the floor of the same machine in the same run. `make bench`; start with __main__."""
