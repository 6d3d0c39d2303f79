export const calibrationMethods = ["logistic", "isotonic"] as const;
export type CalibrationMethod = (typeof calibrationMethods)[number];
