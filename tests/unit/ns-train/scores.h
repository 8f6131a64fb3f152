/* clang-format off */
/* Made by tests/ref/score_scipy.py with SciPy 1.10.1. */
static const double score_of_all = 0.146763110821773;
static const double score_of_first_records = 0.379710549028115;
static const double score_of_few = 0.438252112873685;
