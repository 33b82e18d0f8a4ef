"""The example company with known truth will live here: people who answer letters by a law that tests may look up."""
