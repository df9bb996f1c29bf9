"""What things do: pure functions of arrays. NumPy, Numba and :mod:`steeldome.constants` only."""
