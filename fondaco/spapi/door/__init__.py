"""How a request of the interface becomes a call: token, limits, parameters, errors, pages. No operation in particular."""

from fondaco.spapi.door.call import Call
from fondaco.spapi.door.operation import Answer, operation
from fondaco.spapi.door.parameters import many, moment, text, whole, yes_no

__all__ = ["Answer", "Call", "many", "moment", "operation", "text", "whole", "yes_no"]
