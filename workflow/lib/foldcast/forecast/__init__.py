"""What every forecast is held against, and the tables in which forecasts meet."""
