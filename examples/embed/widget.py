# %% A cell of a notebook with anywidget: train a config in the reader's browser and have its record in Python.
# The page stands in a frame; `widget.js`, beside this file, asks it by the client of embed.js.
from pathlib import Path

import anywidget
import traitlets


class Lab(anywidget.AnyWidget):
    """`config` is trained when it is set; `record` and `failure` follow."""

    _esm = Path(__file__).with_name("widget.js")
    site = traitlets.Unicode("https://YOUR-SITE/distillery/").tag(sync=True)
    recipe = traitlets.Unicode("first-race").tag(sync=True)
    config = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    record = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    failure = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
