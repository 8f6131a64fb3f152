/*
 * folder.h: a report as a folder: index.html, the plots of it in plots/, the scores as
 * scores.txt, scores.tsv and scores.json, and the numbers of all plots as figures.tsv.
 */
#ifndef EVAL_FOLDER_H
#define EVAL_FOLDER_H

#include "report/report.h"

/* report_folder: made if it is not there; index.html is written last.  Warns where
 * plots are missing because gnuplot is. */
int report_folder(struct report *r, const char *dir, struct ns_err *e);

#endif
