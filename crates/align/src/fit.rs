//! Estimating the weights: conditional maximum likelihood of gold alignments under the lattice (a semi-Markov conditional random field, Sarawagi and
//! Cohen 2004), by gradient ascent with a normal prior around zero.
