"""How a number is computed: RDKit embedding, tight binding, DFT, response. Alone in knowing them."""
