"""Marks English sentences for translation in rules, which know no Django."""


def N_(sentence: str) -> str:
    return sentence
