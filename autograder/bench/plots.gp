# plots.gp - the plots of the benchmark's page: gnuplot -c plots.gp DATA FOLDER LANGUAGE
#
# DATA is what bench-page data has printed: texts, and what is plotted. A plot for which there is
# nothing is not made.

load ARG1
file(name) = sprintf("%s/%s-%s.svg", ARG2, name, ARG3)
# A number stands as its language writes it.
set decimalsign decimal
set encoding utf8
# No background: the page's own shines through, light or dark.
set border 3 lc rgb "#606060"
set tics nomirror textcolor rgb "#404040"
set grid x lc rgb "#d0d0d0"
set key textcolor rgb "#404040"
set title textcolor rgb "#202020"
# Colours that most people with a colour deficiency tell apart; each has a point of its own, too.
array colour = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#707070"]
today = "#0072b2"
book = "#e69f00"

if (|$costs| > 0) {
	set terminal svg size 860, 120 + 34 * |$costs| dynamic noenhanced font "sans-serif,14"
	set output file("costs")
	set title say_costs_title
	set yrange [|$costs| - 0.4 : -0.6]
	set xrange [0:*]
	set style fill solid 0.75 noborder
	unset key
	plot $costs using (column(2) / 2):0:(0):2:($0 - 0.32):($0 + 0.32):ytic(1) with boxxyerror lc rgb today, \
	     $costs using 2:0:3:4 with xerrorbars pt 0 lw 1.5 lc rgb "#202020"
	unset output
}

if (|$control| > 0) {
	set terminal svg size 860, 150 + 46 * |$control| dynamic noenhanced font "sans-serif,14"
	set output file("control")
	set title say_control_title
	set yrange [|$control| - 0.4 : -0.6]
	set xrange [*:*]
	set yzeroaxis lt 1 lc rgb "#404040"
	set key bottom right
	plot $control using (column(2) / 2):0:(0):2:($0 - 0.34):($0 - 0.02):ytic(1) with boxxyerror lc rgb book title say_book, \
	     $control using (column(3) / 2):0:(0):3:($0 + 0.02):($0 + 0.34) with boxxyerror lc rgb today title say_today
	unset output
}

set autoscale
set grid x y
set ytics auto
set key outside right top

if (columns > 0) {
	set terminal svg size 860, 540 dynamic noenhanced font "sans-serif,14"
	set output file("clients")
	set title say_clients_title
	set xlabel say_child textcolor rgb "#404040"
	set yrange [0:*]
	set key outside bottom center vertical maxrows columns
	plot for [i = 1:columns] "$book_".i using 1:2 with lines dt 2 lw 1.5 lc rgb colour[i] title value("column_".i)." (".say_book.")", \
	     for [i = 1:columns] "$today_".i using 1:2 with linespoints pt 2 * i + 3 ps 0.6 lw 2 lc rgb colour[i] title value("column_".i)." (".say_today.")"
	unset output
}

if (ways > 0) {
	set terminal svg size 860, 420 dynamic noenhanced font "sans-serif,14"
	set xlabel say_children
	set logscale xy
	set autoscale
	set xrange [0.8 * real(word(herd_children, 1)) : 1.25 * real(word(herd_children, words(herd_children)))]
	set format y "%g"
	set xtics () # the numbers of children, and no others
	do for [i = 1:words(herd_children)] {
		set xtics add (word(herd_children, i) real(word(herd_children, i)))
	}
	set key outside right top vertical maxrows auto maxcols 1
	set output file("herd-cpu")
	set title say_herd_cpu_title
	plot for [i = 1:ways] "$herd_".i using 1:2 with linespoints pt 2 * i + 3 ps 0.7 lw 2 lc rgb colour[i] title value("way_".i)
	unset output
}

if (busy_ways > 0) {
	set output file("herd-switches")
	set title say_herd_switches_title
	plot for [i = 1:busy_ways] "$herd_".i using 1:3 with linespoints pt 2 * i + 3 ps 0.7 lw 2 lc rgb colour[i] title value("way_".i)
	unset output
}

if (|$handover| > 0) {
	set terminal svg size 860, 150 + 60 * |$handover| dynamic noenhanced font "sans-serif,14"
	set output file("handover")
	set title say_handover_title
	unset logscale
	set logscale x
	unset xlabel
	set format x "%g"
	set format y "%s"
	set xtics auto
	set xrange [*:*]
	set yrange [|$handover| - 0.4 : -0.6]
	set key outside bottom center horizontal maxrows 1
	plot for [i = 2:5] $handover using i:0:ytic(1) with points pt (i == 2 ? 7 : 2 * i) ps 1.1 lw 2 lc rgb colour[i - 1] \
	     title (i == 2 ? say_handover_median : i == 3 ? "p99" : i == 4 ? say_lock_p999 : say_handover_longest)
	unset output
}
