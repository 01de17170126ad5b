from netviz.commands.looked import look as look
from netviz.commands.show import show as show
from netviz.errors import NetvizError as NetvizError

__version__: str
