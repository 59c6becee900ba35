"""Files for other programs: the analysis as JSON, its series and moments as tables."""
