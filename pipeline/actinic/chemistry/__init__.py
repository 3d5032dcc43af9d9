"""What the molecules are: candidates, species, geometries. Knows RDKit and nothing heavier."""
