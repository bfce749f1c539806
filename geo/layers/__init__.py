"""The folder `layers/`: its tables and shapes read, and its layers built. Nobody else opens it."""

from geo.layers.built import build, check, write
from geo.layers.folder import FOLDER
from geo.layers.loaded import Layers, Removed, load, stamp
from geo.layers.written import Dataset

__all__ = ["FOLDER", "Dataset", "Layers", "Removed", "build", "check", "load", "stamp", "write"]
