"""Tables of fulfilment: enrolment, limits, templates; carriers and labels."""
