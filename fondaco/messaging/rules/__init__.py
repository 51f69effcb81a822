"""What conversations, photographs and mails are judged by. Plain Python: facts in, decisions out."""
