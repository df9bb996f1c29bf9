"""Steeldome: which layered air and missile defence protects what, against which raid.

An open-source simulation and analysis tool that works from published data only.  A study names assets, laydowns,
doctrine and raids; Steeldome compiles it to integer tables, plays many replications of each case, and reports what
leaks, what it costs and how sure the answer is.
"""

__version__ = "0.1.0"
