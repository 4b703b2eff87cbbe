# %% A cell of a notebook: the page in a frame, with a recipe and settings as its links carry them.
from urllib.parse import urlencode

from IPython.display import IFrame

SITE = "https://YOUR-SITE/distillery/"
settings = {"recipe": "first-race", "models.student.objective.temperature": 8, "view.lang": "en"}
IFrame(f"{SITE}#{urlencode(settings)}", width="100%", height=900)
