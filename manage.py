#!/usr/bin/env python
"""Django's own commands (migrate, makemigrations, shell). Everything else is `fondaco`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
