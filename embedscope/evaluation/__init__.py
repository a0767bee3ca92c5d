"""An encoder or its spaces to scores: retrieval by class, by domain and over all domains."""
