#pragma once

// Ends this process at once when its standard input ends, whatever its other threads are doing.
void endWithStandardInput();
