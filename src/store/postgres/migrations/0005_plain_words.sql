-- PostgreSQL would pack the words of long texts, and unpack them for every search that looks at a run: ten times the work.
ALTER TABLE "run_search" SET (toast_tuple_target = 4080);
