"""The shell of every page: layout, navigation, components, refusals, and who may open what."""
