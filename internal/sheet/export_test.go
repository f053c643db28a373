package sheet

// Disarmed is what a field of a CSV file stands for.
var Disarmed = disarmed
